/**
 * Asks once for all who ask in the same turn: the metrics of one scrape are asked one after another without a break, and so they show one moment, for the
 * price of one snapshot.
 */
export function oncePerTurn<T> (ask: () => T): () => T {
  let answer: { readonly value: T } | undefined
  return () => {
    if (answer === undefined) {
      answer = { value: ask() }
      queueMicrotask(() => { answer = undefined })
    }
    return answer.value
  }
}
