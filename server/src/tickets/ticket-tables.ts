export interface TicketTables {
  ticket: TicketRow;
}

/** A single right without an owner. Spending deletes the row. */
export interface TicketRow {
  readonly hash: Uint8Array;
  readonly purpose: string;
  /** Day of issue. */
  readonly day: number;
}
