/**
 * A text as one line of a terminal: what would break the line, move the cursor or change colours is taken out, for some
 * of it may come from a remote.
 */
export function oneLine (text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/:\s*\n\s*/g, ': ').replace(/\s*\n\s*/g, '; ').replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trim()
}
