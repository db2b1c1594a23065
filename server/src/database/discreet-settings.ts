/**
 * What every PostgreSQL of a hall runs with: the built-in one, the container's (docker-compose.yml), an operator's own (docs/operations.md);
 * a test holds the three together. The database's own logs and files are part of the threat model: no addresses, moments, statements,
 * parameters or values in what it says; the write-ahead log small, never archived, without what replication would need, and removed rather
 * than kept under another name when its time is over.
 */
export const discreetSettings = {
  wal_level: "minimal",
  max_wal_senders: "0",
  archive_mode: "off",
  wal_recycle: "off",
  min_wal_size: "32MB",
  max_wal_size: "256MB",
  checkpoint_timeout: "5min",
  track_commit_timestamp: "off",
  track_activities: "off",
  logging_collector: "off",
  log_line_prefix: "",
  log_connections: "off",
  log_disconnections: "off",
  log_hostname: "off",
  log_checkpoints: "off",
  log_lock_waits: "off",
  log_temp_files: "-1",
  log_statement: "none",
  log_duration: "off",
  log_min_messages: "log",
  log_min_error_statement: "panic",
  log_min_duration_statement: "-1",
  log_autovacuum_min_duration: "-1",
  log_error_verbosity: "terse",
  log_parameter_max_length: "0",
  log_parameter_max_length_on_error: "0",
} as const;

/** The newest file of the write-ahead log stays until it is full: 4 MB instead of PostgreSQL's 16. Fixed when a cluster is made. */
export const walSegmentMegabytes = 4;
