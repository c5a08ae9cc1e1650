-- Stops the server when for @linger seconds no process held a lease, that is
-- the advisory lock 1, shared. Lock 2 is for the one watch that is in force.
-- Nothing else can do it: a process of ours may be killed, and the server has
-- no such setting.
DO $watch$
DECLARE
	-- Before this the server has been unused too short a time.
	deadline timestamptz;
BEGIN
	IF NOT pg_catalog.pg_try_advisory_lock(2) THEN
		RETURN;
	END IF;
	LOOP
		PERFORM pg_catalog.pg_sleep(0.2);
		IF pg_catalog.pg_try_advisory_lock(1) THEN
			deadline := COALESCE(deadline, pg_catalog.clock_timestamp() + interval '@linger seconds');
			-- Keep the lock at the end: who comes now has to wait, and is told
			-- by the shutdown to start a server of its own.
			EXIT WHEN pg_catalog.clock_timestamp() >= deadline;
			PERFORM pg_catalog.pg_advisory_unlock(1);
		ELSE
			deadline := NULL;
		END IF;
	END LOOP;
	-- A server process has the data folder as its current folder, and runs as
	-- the user who may signal the postmaster.
	COPY (SELECT) TO PROGRAM 'cat >/dev/null; read -r pid <postmaster.pid && kill -INT "$pid"';
	PERFORM pg_catalog.pg_sleep(60);
END
$watch$
