import { addrOf, ANY_PORT, portOf, rawUpgrader, transportOf } from './tcp-pair.ts'

// Echoes until its stdin ends. Any uncaught error ends it with another code than 0.
const listener = transportOf().createListener({
  upgrader: rawUpgrader(conn => { conn.addEventListener('message', ({ data }) => { conn.send(data) }) })
})
await listener.listen(ANY_PORT)
process.stdout.write(`${portOf(addrOf(listener))}\n`)
process.stdin.on('end', () => { process.exit(0) }).resume()
