/**
 * Finds the first key that stands twice in one object of a JSON text, as a path. `JSON.parse` keeps the last of them in
 * silence, so that the first one's limits would be lost.
 *
 * @param text - valid JSON
 */
export function duplicateKey (text: string): string | undefined {
  const open: { readonly keys: Set<string> | undefined, key: string }[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    const inner = open.at(-1)
    if (token === '{' || token === '[') open.push({ keys: token === '{' ? new Set() : undefined, key: '' })
    else if (token === '}' || token === ']') open.pop()
    else if (inner?.keys !== undefined && token.endsWith(':')) {
      inner.key = JSON.parse(token.slice(0, -1)) as string
      if (inner.keys.has(inner.key)) return open.map(object => object.key).join('.')
      inner.keys.add(inner.key)
    }
  }
  return undefined
}
