ALTER TABLE casefile ADD COLUMN about TEXT NOT NULL DEFAULT '';
ALTER TABLE casefile ADD COLUMN lead_units TEXT NOT NULL DEFAULT '';
ALTER TABLE casefile ADD COLUMN part_units TEXT NOT NULL DEFAULT '';
CREATE INDEX casefile_about ON casefile (place, kind, about, id);
