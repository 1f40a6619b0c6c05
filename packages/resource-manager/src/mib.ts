/** So many MiB in bytes. */
export function mib (count: number): number {
  return count * 1_048_576
}
