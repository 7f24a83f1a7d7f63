CREATE INDEX person_unnumbered ON person ("birth_date", region_path) WHERE state = 'active' AND "id_number" IS NULL;
