"""A model of XGBoost behind uvicorn, as a Python team serves one: one row of CSV in, its probability out.

usage: python3 bench/uvicorn_peer.py PORT WORKERS   (in the folder that it may write its model to)
"""
import os
import sys

import numpy
import uvicorn
import xgboost

MODEL = "uvicorn_peer.json"
COLUMNS, TREES = 8, 60


def train():
    random = numpy.random.default_rng(7)
    rows = random.random((5000, COLUMNS), dtype=numpy.float32)
    labels = (rows[:, 0] + rows[:, 3] * rows[:, 5] + random.random(5000) > 1.2).astype(numpy.float32)
    parameters = {"objective": "binary:logistic", "tree_method": "hist", "max_leaves": 31, "max_depth": 0, "grow_policy": "lossguide"}
    xgboost.train(parameters, xgboost.DMatrix(rows, label=labels), TREES).save_model(MODEL)


booster = None


async def app(scope, receive, send):
    global booster
    if scope["type"] != "http":
        return
    if booster is None:
        booster = xgboost.Booster(model_file=MODEL)
        booster.set_param("nthread", 1)
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    row = numpy.array([[float(value) for value in body.split(b",")]], dtype=numpy.float32)
    answer = b"%.6f\n" % booster.inplace_predict(row)[0]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/csv"), (b"content-length", str(len(answer)).encode())]})
    await send({"type": "http.response.body", "body": answer})


if __name__ == "__main__":
    if not os.path.exists(MODEL):
        train()
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    uvicorn.run("uvicorn_peer:app", host="127.0.0.1", port=int(sys.argv[1]), workers=int(sys.argv[2]), log_level="warning", access_log=False)
