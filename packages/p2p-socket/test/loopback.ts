import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Two ends of a real connection over loopback. */
export interface Loopback extends AsyncDisposable {
  readonly client: Socket
  readonly server: Socket
}

export async function loopback (): Promise<Loopback> {
  const listener = createServer()
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const accepted = once(listener, 'connection') as Promise<[Socket]>
  const client = connect((listener.address() as AddressInfo).port, '127.0.0.1')
  await once(client, 'connect')
  const [server] = await accepted
  listener.close()
  return {
    client,
    server,
    async [Symbol.asyncDispose] () {
      const closed = [client, server].filter(socket => !socket.closed).map(async socket => {
        const gone = once(socket, 'close')
        socket.destroy()
        await gone
      })
      await Promise.all(closed)
    }
  }
}
