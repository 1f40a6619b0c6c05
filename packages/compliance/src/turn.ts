/** One turn of the event loop: every promise that can go on without I/O and timers has done so when it resolves. */
export async function turn (): Promise<void> {
  await new Promise<void>(resolve => { setImmediate(resolve) })
}
