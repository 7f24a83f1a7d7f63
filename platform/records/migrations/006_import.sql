ALTER TABLE record_import ADD COLUMN crs TEXT;
ALTER TABLE record_import ADD COLUMN rows_similar BIGINT;
ALTER TABLE record_import_row ADD COLUMN same_as TEXT;
ALTER TABLE record_import_row ADD COLUMN decision TEXT;
ALTER TABLE record_import_row ADD COLUMN warned {bool};
