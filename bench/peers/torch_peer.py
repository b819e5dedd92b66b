"""PyTorch: an ordinary training loop over tensors in memory, eager or through torch.compile."""

import torch
from torch import nn

from common import BATCH, Epochs, arguments, mnist, report

MODELS = {
    "softmax": lambda: [nn.Flatten(), nn.Linear(784, 10)],
    "mlp": lambda: [
        nn.Flatten(),
        nn.Linear(784, 512),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(512, 512),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(512, 10),
    ],
    "cnn": lambda: [
        nn.Unflatten(1, (1, 28)),
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(1600, 10),
    ],
}


def initialize(module):
    """Keras's initial weights, so that every peer starts alike."""
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)


def train_epoch(model, optimizer, x, y, epochs):
    model.train()
    epochs.begin()
    loss_sum, correct = torch.zeros(()), torch.zeros(())
    for indices in torch.randperm(len(x)).split(BATCH):
        images, labels = x[indices], y[indices]
        optimizer.zero_grad()
        logits = model(images)
        loss = nn.functional.cross_entropy(logits, labels)
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(indices)
        correct += (logits.argmax(1) == labels).sum()
    epochs.end(loss_sum.item() / len(x), correct.item() / len(x))


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        correct = sum((model(xs).argmax(1) == ys).sum().item() for xs, ys in zip(x.split(1000), y.split(1000)))
    return correct / len(x)


args = arguments(compile={"action": "store_true"})
torch.manual_seed(1)
x, y, x_test, y_test = (torch.from_numpy(a.copy()) for a in mnist(args.data, args.samples))
y, y_test = y.long(), y_test.long()
plain = nn.Sequential(*MODELS[args.model]())
plain.apply(initialize)
# PyTorch's own advice for convolutions on CPUs; a seventh faster here.
plain.to(memory_format=torch.channels_last)
model = torch.compile(plain, dynamic=False) if args.compile else plain
if args.model == "softmax":
    optimizer = torch.optim.SGD(plain.parameters(), lr=0.5)
else:
    optimizer = torch.optim.Adam(plain.parameters(), lr=0.001, eps=1e-7)
epochs = Epochs()
for _ in range(args.epochs):
    train_epoch(model, optimizer, x, y, epochs)
accuracy = evaluate(plain, x_test, y_test)
report("torch-compile" if args.compile else "torch", {"torch": torch.__version__}, args, epochs, accuracy)
