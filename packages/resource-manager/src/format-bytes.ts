const UNITS: readonly string[] = Object.freeze(['B', 'KiB', 'MiB', 'GiB', 'TiB'])

/** A size for people, such as `1.5 MiB`. */
export function formatBytes (bytes: number): string {
  if (bytes === Infinity) return 'unlimited'
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const size = bytes / 1_024 ** power
  return `${Number.isInteger(size) ? size : size.toFixed(1)} ${UNITS[power]}`
}
