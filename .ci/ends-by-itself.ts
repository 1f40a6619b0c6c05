// A test run has to end by itself once its tests are done: what keeps the process alive was left behind by one of them.
// Instead of hanging, such a run says what is still open and fails.

const GRACE_MS = 10_000

export const mochaHooks: Mocha.RootHookObject = {
  afterAll () {
    const timer = setTimeout(() => {
      console.error(`The tests are done, but something was left open: ${process.getActiveResourcesInfo().filter(name => name !== 'Timeout' && name !== 'PipeWrap').join(', ') || 'a timer'}`)
      process.exit(1)
    }, GRACE_MS)
    timer.unref()
  }
}
