import { oneLine } from './one-line.ts'

/** Where a command writes: `process.stdout` is one. */
export interface LineSink {
  write (text: string): unknown
}

/** Values as they are written in JSON. */
export type ReportValue = string | number | boolean | null | readonly ReportValue[] | ReportData
export interface ReportData {
  readonly [name: string]: ReportValue
}

/**
 * What a command has to tell: a line for people, or several, or a line of JSON, never both.
 */
export interface Report {
  /** Something that happened, on stdout. @param text - without it people are told nothing */
  tell (event: string, data: ReportData, text?: string | readonly string[]): void
  /** Something that went wrong, on stderr. */
  complain (event: string, data: ReportData, text: string): void
}

/** A report to two sinks. A JSON line is `{ "event": ..., ...data }`. */
export function createReport ({ json, stdout, stderr }: { json: boolean, stdout: LineSink, stderr: LineSink }): Report {
  const write = (sink: LineSink, event: string, data: ReportData, text: string | readonly string[] = []): void => {
    if (json) sink.write(`${JSON.stringify({ event, ...data })}\n`)
    else for (const line of typeof text === 'string' ? [text] : text) sink.write(`${oneLine(line)}\n`)
  }
  return {
    tell: (event, data, text) => { write(stdout, event, data, text) },
    complain: (event, data, text) => { write(stderr, event, data, text) }
  }
}
