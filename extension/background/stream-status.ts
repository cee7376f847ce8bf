/** What the bell asks of the connection to the server. */
export interface StreamStatus {
  /** Whether the stream is open, is not silent and has brought everything that was missed. */
  isLive(): boolean;
  /** Ends the stream. The next one resumes from the stored cursor, so a step that failed is done again. */
  resume(): void;
}
