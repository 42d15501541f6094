-- What was counted stays counted. One door, opened by name: when a person says that two accounts are one, the calls made for
-- the one count for the other from then on.
CREATE OR REPLACE FUNCTION "refuse_uncounting_call"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('linkwell.merging_accounts', true) = 'on'
    AND (NEW."connection_id", NEW."is_counted", NEW."is_attended", NEW."started_at", NEW."endpoint")
      IS NOT DISTINCT FROM (OLD."connection_id", OLD."is_counted", OLD."is_attended", OLD."started_at", OLD."endpoint")
    AND NEW."account_id" IS NOT NULL THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a claimed call keeps its account, time and kind' USING ERRCODE = 'LW005';
END $$;
