// Asks Microsoft's own KQL binder about the corpus, its mutations and the cases, with the tables of the hunting schema, and holds its
// answers against those frozen in testdata/answers.json, which the Go tests read. With --update it writes them anew.
'use strict'
const fs = require('fs')
const path = require('path')
require('@kusto/language-service-next/bridge.min.js')
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
const K = global.Kusto.Language
const here = (...p) => path.join(__dirname, '..', ...p)
const lines = (file) => fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((l) => JSON.parse(l))

// FileProfile is a function of hunting that the language does not have: here it only adds its columns.
const profile = `{ T | extend SHA1='', SHA256='', MD5='', FileSize=int(0), GlobalPrevalence=int(0), GlobalFirstSeen=now(), GlobalLastSeen=now(),
  Signer='', Issuer='', SignerHash='', IsCertificateValid=true, IsRootSignerMicrosoft=true, SignatureState='', IsExecutable=true, ThreatName='',
  Publisher='', SoftwareName='', ProfileAvailability='' }`

function globals() {
  const S = K.Symbols
  const schema = JSON.parse(fs.readFileSync(here('..', 'schema', 'tables.json'), 'utf8'))
  const tables = schema.tables.map((t) => new S.TableSymbol.$ctor7(t.name, '(' + t.columns.map((c) => `['${c.name}']:${c.type}`).join(', ') + ')', null))
  const fileProfile = new S.FunctionSymbol.$ctor16('FileProfile', "(T:(*), x:string='', y:long=100)", profile, null)
  const database = new S.DatabaseSymbol.ctor('hunting', tables.concat([fileProfile]))
  return K.GlobalState.Default.WithCluster(new S.ClusterSymbol.ctor('hunting', [database])).WithDatabase(database)
}

function list(sequence) {
  const found = []
  for (const e = global.Bridge.getEnumerator(sequence); e.moveNext(); ) found.push(e.Current)
  return found
}

// An answer is the first error, or the columns of the result; * stands for columns that only data will tell. On some texts the
// binder itself breaks: that is no answer.
function ask(state, query) {
  try {
    return answer(state, query)
  } catch {
    return { error: 'broke' }
  }
}

function answer(state, query) {
  const code = K.KustoCode.ParseAndAnalyze(query, state)
  const errors = list(code.GetDiagnostics()).filter((d) => d.Severity === 'Error')
  if (errors.length > 0) return { error: errors[0].Code + ' ' + errors[0].Message }
  const result = code.ResultType
  if (!result || !result.Columns) return { columns: 'no table' }
  const columns = list(result.Columns).map((c) => c.Name + ':' + (c.Type.Name === 'unknown' ? 'dynamic' : c.Type.Name))
  return { columns: columns.concat(result.IsOpen ? ['*'] : []).join(', ') }
}

function main() {
  const state = globals()
  const corpus = lines(here('testdata', 'corpus.jsonl'))
  const texts = new Map(corpus.concat(lines(here('testdata', 'cases.jsonl'))).map((q) => [q.id, q.query]))
  for (const m of lines(here('testdata', 'mutations.jsonl'))) {
    const base = Buffer.from(texts.get(m.base), 'utf8')
    texts.set(m.id, Buffer.concat([base.subarray(0, m.at), Buffer.from(m.insert, 'utf8'), base.subarray(m.at + m.remove)]).toString('utf8'))
  }
  const schemas = [], index = new Map(), answers = {}
  for (const [id, text] of texts) {
    const a = ask(state, text)
    if (a.error !== undefined) {
      answers[id] = a.error
      continue
    }
    if (!index.has(a.columns)) {
      index.set(a.columns, schemas.length)
      schemas.push(a.columns)
    }
    answers[id] = index.get(a.columns)
  }
  const quoted = Object.entries(answers).map(([id, a]) => `${JSON.stringify(id)}: ${JSON.stringify(a)}`)
  const text = `{"schemas": [\n${schemas.map((s) => JSON.stringify(s)).join(',\n')}\n], "answers": {\n${quoted.join(',\n')}\n}}\n`
  const file = here('testdata', 'answers.json')
  if (process.argv.includes('--update')) {
    fs.writeFileSync(file, text)
    return
  }
  const accepted = Object.values(answers).filter((a) => typeof a === 'number').length
  console.log(`Microsoft's binder ${require('@kusto/language-service-next/package.json').version} accepts ${accepted} of ${texts.size} queries`)
  if (fs.readFileSync(file, 'utf8') !== text) {
    console.error('its answers are not those in testdata/answers.json: npm run update, and look at what changed')
    process.exit(1)
  }
}

main()
