/** The `count` largest, the largest first, in one pass that keeps no more than these. */
export function largest<T> (values: Iterable<T>, count: number, compare: (a: T, b: T) => number): T[] {
  const found: T[] = []
  for (const value of values) {
    if (found.length === count && compare(value, found[count - 1] as T) <= 0) continue
    let low = 0
    for (let high = found.length; low < high;) {
      const middle = (low + high) >> 1
      if (compare(value, found[middle] as T) > 0) high = middle
      else low = middle + 1
    }
    found.splice(low, 0, value)
    if (found.length > count) found.pop()
  }
  return found
}
