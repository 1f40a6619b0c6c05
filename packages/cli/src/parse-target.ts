import { parseRuleTarget, type RuleTarget } from '@weir/node'
import { InvalidArgumentError } from 'commander'

/** Whom a rule is about. @throws {InvalidArgumentError} with a sentence for the user */
export function parseTarget (text: string): RuleTarget {
  try {
    return parseRuleTarget(text)
  } catch {
    throw new InvalidArgumentError('It is no peer id, IP address, subnet or multiaddr with one of them.')
  }
}
