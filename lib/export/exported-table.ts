/** How a column of the type `sealed` is opened: as JSON that we sealed, as text, or as a packed raw response. */
export type SealedAs = 'json' | 'text' | 'packed';

/** One table of the export. Every column is named in exactly one of `columns`, `sealed` and `omitted`; a test compares them with the database. */
export type ExportedTable = {
  table: string;
  /** Its property in the document. */
  name: string;
  /** Which rows, as SQL over the table as `t` and the id of the parent row as `$1`. Nothing in it is a caller's. */
  where: string;
  /**
   * A unique order within `where`, as `column:type`: rows are read page by page along it. Ends with the id where the table has
   * sealed columns or children.
   */
  key?: readonly string[];
  /** Rows at once. Lower where a row can be large. */
  pageSize?: number;
  /** Columns as they are, separated by spaces. */
  columns: string;
  sealed?: Readonly<Record<string, SealedAs>>;
  /** Column by column, why it isn't in the document. */
  omitted?: Readonly<Record<string, string>>;
  /** Properties that are worked out, as SQL. */
  computed?: Readonly<Record<string, string>>;
  /** Rows of other tables that belong to each row, by its `id`. */
  children?: readonly ExportedTable[];
};
