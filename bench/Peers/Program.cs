// What the steps are held against, with nothing of ours between: DuckDB by itself, and LightGBM through its C API.
return args switch
{
    ["sql", var file] => Peers.DuckDb.Run(File.ReadAllText(file)),
    ["lightgbm", var train, var validation, var record, var output] => Peers.LightGbm.Train(train, validation, record, output),
    ["matrix", var parquet, var output] => Peers.DuckDb.WriteMatrix(parquet, output),
    _ => throw new ArgumentException("Peers sql FILE | lightgbm TRAIN VALIDATION TRAINING_JSON OUTPUT | matrix PARQUET OUTPUT"),
};
