-- Who may be there already is asked, row by row of an import, of those without a number: few, and no others are to be met.
CREATE INDEX person_unnumbered ON person ("birth_date", region_path) WHERE state = 'active' AND "id_number" IS NULL;
