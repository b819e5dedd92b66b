import { Pad } from './pad.js';
import { colours, drawPictures } from './pictures.js';

const byId = (id) => document.getElementById(id);
const dark = matchMedia('(prefers-color-scheme: dark)');

/** Ink on paper, for what the model is given. */
const PAPER = [
  [0, 0, 0],
  [0, 0, 0],
  [255, 255, 255],
  [0, 0, 0],
];

let palette = colours();
let model;
let answer;
let isAsking = false;
let isChanged = false;

const pad = new Pad(byId('pad'), () => {
  isChanged = true;
  ask();
});

byId('clear').addEventListener('click', () => pad.clear());
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' || key === 'Backspace' || key === 'Delete') pad.clear();
});
dark.addEventListener('change', () => {
  palette = colours();
  showWeights();
  show();
});

start();

async function start() {
  try {
    model = await (await fetch('model')).json();
  } catch {
    return say('The server does not answer: start it again with "cnn serve", then reload.');
  }
  byId('model').textContent = `${model.name}, ${model.parameters.toLocaleString('en-US')} parameters`;
  byId('bars').replaceChildren(...model.classes.map(bar));
  showWeights();
  ask();
}

/** Asks about the drawing as it is; while an answer is awaited, changes are gathered into the next question. */
async function ask() {
  if (isAsking || !isChanged || model === undefined) return;
  isAsking = true;
  isChanged = false;
  try {
    answer = pad.isEmpty ? undefined : await fetchAnswer();
    show();
  } catch {
    say('The server does not answer: is "cnn serve" still running?');
  } finally {
    isAsking = false;
    if (isChanged) requestAnimationFrame(ask);
  }
}

async function fetchAnswer() {
  const response = await fetch('predict', {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: pad.bytes(),
  });
  const content = await response.json();
  say(response.ok ? '' : content.error);
  return response.ok ? content : undefined;
}

function bar(name) {
  const item = document.createElement('li');
  const label = document.createElement('span');
  label.textContent = name;
  const bar = document.createElement('div');
  bar.className = 'bar';
  bar.append(document.createElement('b'));
  item.append(label, bar, document.createElement('output'));
  return item;
}

function show() {
  const bars = [...byId('bars').children];
  const best = answer?.predictions[0];
  byId('best').textContent = best?.name ?? '?';
  byId('best').style.setProperty('--letters', String(best?.name.length ?? 1));
  for (const item of bars) item.className = '';
  for (const [i, item] of bars.entries()) {
    const probability = answer?.predictions.find((each) => each.class === i).probability;
    item.querySelector('.bar b').style.transform = `scaleX(${probability ?? 0})`;
    item.querySelector('output').textContent = probability === undefined ? '' : percent(probability);
  }
  if (best !== undefined) bars[best.class].className = 'best';
  const input = byId('input');
  if (answer === undefined) {
    input.getContext('2d').clearRect(0, 0, input.width, input.height);
    byId('layers').replaceChildren();
    return;
  }
  drawPictures(input, answer.input, PAPER, 64 / answer.input.height);
  showLayers(answer.layers);
}

function showLayers(layers) {
  const parent = byId('layers');
  const hasRoom = parent.children.length === layers.length;
  if (!hasRoom) parent.replaceChildren(...layers.map(layerElement));
  for (const [i, layer] of layers.entries()) {
    drawPictures(parent.children[i].querySelector('canvas'), layer, palette, scaleOf(layer));
  }
}

function layerElement({ name, shape }) {
  const element = document.createElement('div');
  element.className = 'layer';
  const heading = document.createElement('h3');
  const size = document.createElement('span');
  size.textContent = ` ${shape.join(' × ')}`;
  heading.append(name, size);
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `What ${name} gives`);
  element.append(heading, canvas);
  return element;
}

/** Few pixels are drawn large, many small. */
function scaleOf({ width, height, count }) {
  if (count > 1) return width > 16 ? 1.5 : width > 8 ? 2.5 : 4;
  return Math.min(width, height) === 1
    ? 22
    : Math.max(3, Math.min(8, Math.floor(200 / Math.max(width, height))));
}

function showWeights() {
  const section = byId('weights');
  section.hidden = model?.weights === undefined;
  if (section.hidden) return;
  const { width } = model.weights;
  drawPictures(section.querySelector('canvas'), model.weights, palette, width > 16 ? 1.5 : width > 8 ? 3 : 8);
}

function percent(probability) {
  return `${(100 * probability).toFixed(1)} %`;
}

function say(text) {
  byId('status').textContent = text;
}
