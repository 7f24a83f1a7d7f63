CREATE INDEX record_person ON record ((body->>'person'), register) WHERE (body->>'person') IS NOT NULL;
CREATE INDEX record_facility ON record ((body->>'facility'), register) WHERE (body->>'facility') IS NOT NULL;
