ALTER TABLE casefile_step ADD COLUMN wrote {json};
