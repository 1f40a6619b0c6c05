import * as chai from 'chai'
import asPromised from 'chai-as-promised'
import bites from 'chai-bites'
import parentheses from 'chai-parentheses'
import string from 'chai-string'
import subset from 'chai-subset'

// The order matters: `chai-as-promised` wraps the assertions that are there already, and calls come last.
for (const plugin of [bites, string, subset, asPromised, parentheses]) chai.use(plugin)

export const { assert, expect } = chai
