// Reads note_html as Close's editor (TipTap) would and says what got lost or altered.
//
//   one JSON line {"html": "…"} in  →  one JSON line {"ok", "problems", "lost", "added", "text"} out
//
// Equal are: <b> and <strong>, <i> and <em>, <del> and <s>, <li>t</li> and <li><p>t</p></li>,
// the order in which marks nest, the spelling of a colour. Anything else is a loss.
import { readFileSync } from 'node:fs'
import { JSDOM } from 'jsdom'
import { getSchema } from '@tiptap/core'
import Image from '@tiptap/extension-image'
import Mention from '@tiptap/extension-mention'
import { Color, TextStyle } from '@tiptap/extension-text-style'
import { DOMParser as EditorParser, DOMSerializer } from '@tiptap/pm/model'
import StarterKit from '@tiptap/starter-kit'

const { window } = new JSDOM('<!doctype html><body></body>')
const { document } = window
globalThis.window ??= window
globalThis.document ??= document

// StarterKit 3 brings underline and link; the rest is what Close documents.
const schema = getSchema([
  StarterKit.configure({
    link: { openOnClick: false, HTMLAttributes: { target: null, rel: null, class: null } },
  }),
  Mention.configure({ HTMLAttributes: { class: 'mention' } }),
  Image.configure({ inline: true }),
  TextStyle,
  Color,
])

const SAME_TAG = { b: 'strong', i: 'em', del: 's', strike: 's' }
const BLOCKS = new Set('p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr body div'.split(' '))
const HOLDS_BLOCKS = new Set(['li', 'blockquote', 'body'])
const ADDED_BY_EDITOR = new Set(['data-mention-suggestion-char', 'rel', 'target'])
const WHITE = /[ \t\r\n\f]+/g

const colours = new Map()
function colour(value) {
  if (!colours.has(value)) {
    const probe = document.createElement('i')
    probe.style.color = value
    colours.set(value, probe.style.color)
  }
  return colours.get(value)
}

function attributes(element) {
  return [...element.attributes]
    .filter((a) => !ADDED_BY_EDITOR.has(a.name) && !(a.name === 'start' && a.value === '1'))
    .map((a) => (a.name === 'style' ? `color=${colour(a.value.replace(/^color: |;$/g, ''))}` : `${a.name}=${a.value}`))
    .sort()
    .join(' ')
}

const isText = (node) => node.nodeType === 3
const isBlank = (node) => isText(node) && !/[^ \t\r\n\f]/.test(node.data)
const isBlock = (node) => node.nodeType === 1 && BLOCKS.has(node.localName)

/** A DOM tree as a flat list of events, the same for two spellings of the same document. */
class Events {
  constructor(root) {
    this.list = []
    this.walk(root, [], false)
  }

  inline(marks, kind, payload) {
    const key = JSON.stringify([...marks].sort())
    const last = this.list.at(-1)
    if (kind === 'text' && last?.kind === 'text' && last.key === key) last.payload += payload
    else this.list.push({ kind, key, payload })
  }

  edge(kind, payload) {
    this.list.push({ kind, key: '', payload })
  }

  walk(node, marks, verbatim) {
    if (isText(node)) {
      const text = verbatim ? node.data : node.data.replace(WHITE, ' ')
      if (text) this.inline(marks, 'text', text)
      return
    }
    if (node.nodeType !== 1) return
    const tag = SAME_TAG[node.localName] ?? node.localName
    const name = `${tag} ${attributes(node)}`.trim()
    if (tag === 'br' || tag === 'img') this.inline(marks, 'atom', name)
    else if (node.getAttribute('data-type') === 'mention') this.inline(marks, 'atom', `${name} ${node.textContent}`)
    else if (BLOCKS.has(tag)) this.block(node, tag, name, marks, verbatim || tag === 'pre')
    else if (tag === 'code' && node.parentNode?.localName === 'pre') {
      if (node.className) this.edge('language', node.className)
      for (const child of node.childNodes) this.walk(child, marks, true)
    } else for (const child of node.childNodes) this.walk(child, [...marks, name], verbatim)
  }

  block(node, tag, name, marks, verbatim) {
    if (tag !== 'body') this.edge('(', name)
    if (HOLDS_BLOCKS.has(tag)) this.children(node, tag, marks, verbatim)
    else for (const child of node.childNodes) this.walk(child, marks, verbatim)
    if (tag !== 'body') this.edge(')', tag)
  }

  /** Text that stands in a container by itself counts as a paragraph. */
  children(node, tag, marks, verbatim) {
    let open = false
    const toggle = () => {
      this.edge(open ? ")" : "(", "p")
      open = !open
    }
    if (tag === 'li' && [...node.childNodes].every(isBlank)) {
      toggle()
      toggle()
    }
    for (const child of node.childNodes) {
      if (isBlock(child) ? open : !open && !isBlank(child)) toggle()
      if (isBlock(child) || open) this.walk(child, marks, verbatim)
    }
    if (open) toggle()
  }

  /** White space at the edges of a block does not show. */
  spelled() {
    const spelled = []
    this.list.forEach((event, at) => {
      let { payload } = event
      if (event.kind === 'text' && !this.verbatimAt(at)) {
        if (this.isEdge(at - 1)) payload = payload.replace(/^ +/, '')
        if (this.isEdge(at + 1)) payload = payload.replace(/ +$/, '')
        if (!payload) return
      }
      spelled.push(`${event.kind} ${event.key} ${payload}`)
    })
    return spelled
  }

  isEdge(at) {
    return !['text', 'atom'].includes(this.list[at]?.kind)
  }

  verbatimAt(at) {
    const before = this.list[at - 1]
    return before?.kind === 'language' || (before?.kind === '(' && before.payload === 'pre')
  }
}

function wellFormed(html) {
  const problems = []
  if (!/^<body>[\s\S]*<\/body>$/.test(html)) problems.push('does not begin with <body> and end with </body>')
  const xml = new window.DOMParser().parseFromString(html, 'application/xhtml+xml')
  const error = xml.querySelector('parsererror')
  if (error) problems.push(`not well-formed XML: ${error.textContent.trim().split('\n')[0]}`)
  return problems
}

function readHtml(html) {
  const body = document.createElement('body')
  body.innerHTML = html.replace(/^<body>|<\/body>$/g, '')
  return body
}

const comparable = (doc) => JSON.stringify(doc.toJSON(), (key, value) => (key === 'color' && value ? colour(value) : value))
const readAsEditor = (body) => EditorParser.fromSchema(schema).parse(body)

function writtenByEditor(doc) {
  const box = document.createElement('body')
  box.appendChild(DOMSerializer.fromSchema(schema).serializeFragment(doc.content, { document }))
  return box
}

function judge(html) {
  const problems = wellFormed(html)
  const source = readHtml(html)
  const wanted = new Events(source).spelled() // first: reading merges the styles of nested spans in place
  const doc = readAsEditor(source)
  try {
    doc.check()
  } catch (error) {
    problems.push(`not a document of the editor: ${error.message}`)
  }
  const back = writtenByEditor(doc)
  if (comparable(readAsEditor(readHtml(back.innerHTML))) !== comparable(doc)) {
    problems.push('the editor reads its own spelling of it differently')
  }
  const got = new Events(back).spelled()
  const count = new Map()
  for (const event of wanted) count.set(event, (count.get(event) ?? 0) + 1)
  for (const event of got) count.set(event, (count.get(event) ?? 0) - 1)
  const lost = [...count].filter(([, n]) => n > 0).map(([event]) => event)
  const added = [...count].filter(([, n]) => n < 0).map(([event]) => event)
  const at = wanted.findIndex((event, index) => event !== got[index])
  if (at >= 0 || got.length !== wanted.length) {
    problems.push(`altered: ${JSON.stringify(wanted[at] ?? null)} became ${JSON.stringify(got[at] ?? got.at(-1) ?? null)}`)
  }
  return { ok: problems.length === 0, problems, lost, added, text: doc.textContent }
}

// One JSON text is one line for every reader: JavaScript leaves these line ends as they are.
const oneLine = (json) =>
  json.replace(/[\u0085\u2028\u2029\u001c-\u001e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

for (const line of readFileSync(0, 'utf8').split('\n')) {
  if (line.trim()) console.log(oneLine(JSON.stringify(judge(JSON.parse(line).html))))
}
