// Mocha passes over rejections that nobody handles, and Node would end a user's process for each of them. Here they fail the
// run, also those that somebody handles later, and the tests during which they came are named.

const found = new Map<Promise<unknown>, string>() // mocha passes each on a second time
let running = ''

function onUnhandled (reason: unknown, promise: Promise<unknown>): void {
  found.set(promise, `${running}: ${reason instanceof Error ? reason.stack : String(reason)}`)
}

export const mochaHooks: Mocha.RootHookObject = {
  beforeAll () {
    process.on('unhandledRejection', onUnhandled)
  },
  beforeEach (this: Mocha.Context) {
    running = this.currentTest?.fullTitle() ?? ''
  },
  async afterAll () {
    await new Promise(resolve => setImmediate(resolve)) // the rejections of this turn come at its end
    process.off('unhandledRejection', onUnhandled)
    if (found.size > 0) throw new Error(`${found.size} rejections that nobody handled:\n${[...found.values()].join('\n')}`)
  }
}
