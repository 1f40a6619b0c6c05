/** Gives each text a number while somebody uses it, so that a million entries with the same reason hold it once. */
export class ReasonTable {
  readonly #ids = new Map<string, number>()
  readonly #texts: string[] = []
  readonly #uses: number[] = []
  readonly #free: number[] = []

  /** How many texts are in use. */
  get size (): number {
    return this.#ids.size
  }

  take (text: string): number {
    let id = this.#ids.get(text)
    if (id === undefined) {
      id = this.#free.pop() ?? this.#texts.length
      this.#ids.set(text, id)
      this.#texts[id] = text
      this.#uses[id] = 0
    }
    this.#uses[id] = (this.#uses[id] ?? 0) + 1
    return id
  }

  text (id: number): string {
    return this.#texts[id] ?? ''
  }

  giveBack (id: number): void {
    const uses = (this.#uses[id] ?? 0) - 1
    this.#uses[id] = uses
    if (uses > 0) return
    this.#ids.delete(this.text(id))
    this.#texts[id] = ''
    this.#free.push(id)
  }
}
