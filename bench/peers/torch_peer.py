"""PyTorch: an ordinary training loop over tensors in memory, eager or through torch.compile."""

import torch
from torch import nn

from common import Epochs, arguments, images, measure_predictions, report


class ToChannels(nn.Module):
    """[n, height, width, channels] or [n, height, width] to what PyTorch's convolutions take."""

    def forward(self, x):
        return x.unsqueeze(1) if x.dim() == 3 else x.permute(0, 3, 1, 2)


def convolutions():
    channels = 3
    for i, filters in enumerate((32, 64, 128)):
        for _ in range(2):
            yield nn.Conv2d(channels, filters, 3, padding=1, bias=False)
            # As Keras with momentum 0.9.
            yield nn.BatchNorm2d(filters, eps=1e-3, momentum=0.1)
            yield nn.ReLU()
            channels = filters
        yield nn.MaxPool2d(2) if i < 2 else nn.AdaptiveAvgPool2d(1)


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
    "wide": lambda: [
        nn.Flatten(),
        nn.Linear(784, 2048),
        nn.ReLU(),
        nn.Linear(2048, 2048),
        nn.ReLU(),
        nn.Linear(2048, 10),
    ],
    "cnn": lambda: [
        ToChannels(),
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
    "deep": lambda: [ToChannels(), *convolutions(), nn.Flatten(), nn.Linear(128, 10)],
}


def initialize(module):
    """Keras's initial weights, so that every peer starts alike."""
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def train_epoch(model, optimizer, x, y, epochs):
    model.train()
    epochs.begin()
    loss_sum, correct = torch.zeros(()), torch.zeros(())
    for indices in torch.randperm(len(x)).split(args.batch):
        batch, labels = x[indices], y[indices]
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=args.precision != "float32"):
            logits = model(batch)
        loss = nn.functional.cross_entropy(logits.float(), labels)
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


def train(plain, model):
    if args.model == "softmax":
        optimizer = torch.optim.SGD(plain.parameters(), lr=0.5)
    else:
        optimizer = torch.optim.Adam(plain.parameters(), lr=0.001, eps=1e-7)
    epochs = Epochs()
    for _ in range(args.epochs):
        train_epoch(model, optimizer, x, y, epochs)
    return {"epochs": epochs.done, "testAccuracy": round(evaluate(plain, x_test, y_test), 4)}


@torch.inference_mode()
def predict(model):
    model.eval()
    sample = x_test[:1].numpy()
    rows = x_test[: args.samples]
    return measure_predictions(
        lambda: model(torch.from_numpy(sample)).softmax(1).numpy(),
        lambda: torch.cat([model(part).softmax(1) for part in rows.split(args.batch)]),
        len(rows),
    )


args = arguments(compile={"action": "store_true"})
torch.manual_seed(1)
x, y, x_test, y_test = (torch.from_numpy(a.copy()) for a in images(args.data, args.samples))
y, y_test = y.long(), y_test.long()
plain = nn.Sequential(*MODELS[args.model]())
plain.apply(initialize)
# PyTorch's own advice for convolutions on CPUs; a seventh faster here.
plain.to(memory_format=torch.channels_last)
model = torch.compile(plain, dynamic=False) if args.compile else plain
result = train(plain, model) if args.task == "train" else predict(model)
report("torch-compile" if args.compile else "torch", {"torch": torch.__version__}, args, result)
