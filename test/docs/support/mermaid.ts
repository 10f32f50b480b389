/** The problem with a diagram, for the two kinds and the few forms that the documents use. */
export function problemWithDiagram(text: string): string | undefined {
  const [first, ...lines] = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('%%'));
  if (/^(?:flowchart|graph) (?:LR|RL|TB|TD|BT)$/.test(first)) return problemWithFlowchart(lines);
  if (first === 'sequenceDiagram') return problemWithSequence(lines);
  return `"${first}" begins no diagram that is known here`;
}

const SHAPE = String.raw`(?:\[\([^\]()]*\)\]|\[[^\][()"]*\]|\["[^"]*"\]|\([^()"]*\)|\("[^"]*"\)|\{[^{}"]*\}|\{"[^"]*"\})`;
const NODE = String.raw`\w+(?:${SHAPE})?`;
const NODES = `${NODE}(?: & ${NODE})*`;
const ARROW = String.raw`(?:(?:-->|==>|-\.->|---)(?:\|[^|]*\|)?|(?:--|==|-\.) (?:"[^"]*"|[^-=".]+) (?:-->|==>|\.->))`;
const FLOW = new RegExp(`^${NODES}(?: ${ARROW} ${NODES})*;?$`);
const FLOW_OTHER = /^(?:direction (?:LR|RL|TB|TD|BT)|classDef \w+ .+|class [\w,]+ \w+|style \w+ .+|accTitle: .+)$/;

function problemWithFlowchart(lines: readonly string[]): string | undefined {
  let depth = 0;
  for (const line of lines) {
    if (/^subgraph \w+(?: ?\[[^\]]*\])?$|^subgraph [\w ]+$/.test(line)) depth++;
    else if (line === 'end') depth--;
    else if (!FLOW.test(line) && !FLOW_OTHER.test(line)) return `"${line}" is no line of a flowchart`;
  }
  return depth === 0 ? undefined : 'a subgraph and its "end" do not match';
}

const MESSAGE = /^(?<from>\w+)(?:->>|-->>|->|-->|-x|--x)[+-]?(?<to>\w+): .+$/;
const BLOCK = /^(?:loop|alt|opt|par|critical|rect)\b/;
const SEQUENCE_OTHER = /^(?:autonumber|else\b.*|and\b.*|(?:de)?activate \w+|Note (?:over|left of|right of) [\w,]+: .+)$/;

function problemWithSequence(lines: readonly string[]): string | undefined {
  const known = lines.flatMap((line) => /^(?:participant|actor) (\w+)(?: as .+)?$/.exec(line)?.[1] ?? []);
  let depth = 0;
  for (const line of lines) {
    const message = MESSAGE.exec(line)?.groups;
    if (message) {
      const stranger = [message.from, message.to].find((name) => !known.includes(name));
      if (stranger) return `"${stranger}" is no participant`;
    } else if (BLOCK.test(line)) {
      depth++;
    } else if (line === 'end') {
      depth--;
    } else if (!/^(?:participant|actor) \w/.test(line) && !SEQUENCE_OTHER.test(line)) {
      return `"${line}" is no line of a sequence diagram`;
    }
  }
  return depth === 0 ? undefined : 'a block and its "end" do not match';
}
