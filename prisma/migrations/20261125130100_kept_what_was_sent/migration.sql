-- A resent upload is known by what was sent: what is kept is encoded anew, and an encoder changes with its version.
-- Files of before have none; the same id again is a conflict for them.
ALTER TABLE files ADD COLUMN sent_hash BYTEA;
