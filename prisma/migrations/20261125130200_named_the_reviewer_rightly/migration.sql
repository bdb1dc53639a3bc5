-- It has always held a pseudonym, never the id of a user.
ALTER TABLE scores RENAME COLUMN reviewer_id TO reviewer_pseudonym;
