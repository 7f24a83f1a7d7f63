CREATE INDEX record_head ON record ((body->>'head'), register) WHERE (body->>'head') IS NOT NULL;
CREATE INDEX record_ward ON record ((body->>'ward'), register) WHERE (body->>'ward') IS NOT NULL;
CREATE INDEX record_guardian ON record ((body->>'guardian'), register) WHERE (body->>'guardian') IS NOT NULL;
CREATE INDEX record_child ON record ((body->>'child'), register) WHERE (body->>'child') IS NOT NULL;
CREATE INDEX record_household_no ON record ((body->>'household_no'), register) WHERE (body->>'household_no') IS NOT NULL;
