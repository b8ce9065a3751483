"""XGBoost hist or scikit-learn's HistGradientBoosting on the rows that `Peers matrix` wrote: time of the training, AUC on the test rows."""
import sys
import time

import numpy as np

peer, folder, trees = sys.argv[1], sys.argv[2], int(sys.argv[3])


def read(part):
    y = np.fromfile(f"{folder}/{part}.y", np.float32)
    return np.fromfile(f"{folder}/{part}.x", np.float32).reshape(len(y), -1), y


def auc(y, scores):
    values, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    positives = (y == 1).sum()
    return (ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(y) - positives))


x, y = read("train")
test, labels = read("test")
start = time.perf_counter()
if peer == "xgboost":
    import xgboost
    model = xgboost.train(
        dict(objective="binary:logistic", tree_method="hist", grow_policy="lossguide", max_leaves=31, max_depth=0, eta=0.1, max_bin=256, nthread=2),
        xgboost.DMatrix(x, label=y, nthread=2), trees)
    took = time.perf_counter() - start
    scores = model.predict(xgboost.DMatrix(test, nthread=2))
else:
    from sklearn.ensemble import HistGradientBoostingClassifier
    model = HistGradientBoostingClassifier(max_iter=trees, max_leaf_nodes=31, learning_rate=0.1, min_samples_leaf=20, max_bins=255, early_stopping=False).fit(x, y)
    took = time.perf_counter() - start
    scores = model.predict_proba(test)[:, 1]
print(f"{peer}: built and trained in {took:.2f} s, AUC {auc(labels, scores):.5f} on {len(labels)} test rows")
