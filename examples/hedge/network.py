"""A multi-layer perceptron in numpy: forward, backward, Adam. ReLU inside, a sigmoid at the end."""

import numpy as np

WIDTHS = [25, 64, 64, 32, 1]


def initial(rng, widths=WIDTHS):
    """Weights (out x in) and biases: He's uniform bound for the layers before a ReLU, float32."""
    layers = []
    for k, m in zip(widths, widths[1:]):
        bound = np.sqrt(6 / k)
        layers.append(
            [rng.uniform(-bound, bound, (m, k)).astype(np.float32), np.zeros(m, np.float32)]
        )
    return layers


def forward(layers, x):
    """The activations of every layer, x first, the output (n x 1) last."""
    seen = [x]
    for i, (w, b) in enumerate(layers):
        z = seen[-1] @ w.T + b
        seen.append(np.maximum(z, 0) if i + 1 < len(layers) else 1 / (1 + np.exp(-z)))
    return seen


def gradients(layers, seen, y):
    """Of the mean squared error, with respect to every weight and bias."""
    out = seen[-1]
    dz = 2 / len(y) * (out - y) * out * (1 - out)
    grads = []
    for i in range(len(layers) - 1, -1, -1):
        grads.append([dz.T @ seen[i], dz.sum(0)])
        if i:
            dz = (dz @ layers[i][0]) * (seen[i] > 0)
    return grads[::-1]


def train(layers, x, y, epochs, rng, rate=2e-3, batch=512, decay=5e-3, report=None):
    """Adam (Kingma and Ba, 2015), decoupled weight decay, a rate that falls as a cosine to 0."""
    layers = [[p.copy() for p in layer] for layer in layers]
    first = [[np.zeros_like(p) for p in layer] for layer in layers]
    second = [[np.zeros_like(p) for p in layer] for layer in layers]
    per_epoch = len(x) // batch
    total, step = epochs * per_epoch, 0
    for epoch in range(epochs):
        order = rng.permutation(len(x))
        for at in range(per_epoch):
            rows = order[at * batch : (at + 1) * batch]
            grads = gradients(layers, forward(layers, x[rows]), y[rows])
            lr = rate * 0.5 * (1 + np.cos(np.pi * step / total))
            step += 1
            for layer, g, m, v in zip(layers, grads, first, second):
                for i in range(2):
                    m[i] += 0.1 * (g[i] - m[i])
                    v[i] += 0.001 * (g[i] * g[i] - v[i])
                    move = (m[i] / (1 - 0.9**step)) / (np.sqrt(v[i] / (1 - 0.999**step)) + 1e-8)
                    layer[i] -= np.float32(lr) * (
                        move + (decay * layer[0] if i == 0 else 0)
                    ).astype(np.float32)
        if report:
            report(epoch + 1, epochs, layers)
    return layers


def rmse(layers, x, y):
    return float(np.sqrt(np.mean((forward(layers, x)[-1].astype(np.float64) - y) ** 2)))
