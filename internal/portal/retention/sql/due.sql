-- Whether no run was made since an instant.
select not exists (select from portal.retention_run where ran_at >= @since::timestamptz)
