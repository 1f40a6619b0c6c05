import { createBasicGater } from '@weir/conn-gater'
import { type ControlClient, connectControl } from './control-client.ts'
import { openDataDir } from './data-dir.ts'
import { type NodeRuleChange, type NodeRuleLists, type NodeRules, nodeRules } from './node-rules.ts'
import { openRulesDatastore } from './rules-datastore.ts'

/**
 * The rules of a data directory: of the node that runs on it, where they are in force at once, or as they are stored when
 * none runs. Whoever opened them closes them.
 *
 * @throws {ControlSocketError} when a node runs that cannot be asked, {DataDirError} {DataDirLockedError} for the directory
 */
export async function openNodeRules (dataDir: string): Promise<NodeRules & AsyncDisposable> {
  const client = await connectControl(dataDir)
  return client === undefined ? await storedRules(dataDir) : runningRules(client)
}

async function storedRules (path: string): Promise<NodeRules & AsyncDisposable> {
  await using opened = new AsyncDisposableStack()
  const dataDir = opened.use(await openDataDir(path))
  const datastore = opened.use(await openRulesDatastore(dataDir.path))
  const gater = opened.use(await createBasicGater({ datastore }))
  const owned = opened.move()
  return { ...nodeRules(gater, { conns: () => [] }), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function runningRules (client: ControlClient): NodeRules & AsyncDisposable {
  const change = async (method: string, params: Readonly<Record<string, unknown>>): Promise<NodeRuleChange> => await client.request(method, params) as NodeRuleChange
  return {
    list: async () => await client.request('bans') as NodeRuleLists,
    ban: (target, options) => change('ban', { target, ...options }),
    unban: target => change('unban', { target }),
    trust: (target, options) => change('trust', { target, ...options }),
    untrust: target => change('untrust', { target }),
    async [Symbol.asyncDispose] () { client[Symbol.dispose]() }
  }
}
