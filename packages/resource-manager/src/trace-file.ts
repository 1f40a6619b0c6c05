/** A file that trace events are written to. */
export interface TraceFileInit {
  readonly path: string
}
