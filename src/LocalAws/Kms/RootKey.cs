using System.Security.Cryptography;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Kms;

/// <summary>
/// The key of the data directory, 32 random bytes in its file <c>kms.key</c>, that seals the material of every KMS key,
/// the session tokens of AssumeRole and the key that signs SNS's messages.
/// It is made once, with the first of these; the database keeps a sign of it, so that a missing or another file is told
/// at the start and never replaced.
/// </summary>
internal sealed class RootKey : IResume
{
    private const int Size = 32;
    private readonly string _file;
    private readonly Database _database;
    private byte[]? _key;

    public RootKey(LocalAwsOptions options, Database database)
    {
        _file = Path.Combine(options.DataDirectory, "kms.key");
        _database = database;
        database.Define("CREATE TABLE IF NOT EXISTS kms_root (sign BLOB NOT NULL)");
    }

    /// <summary>The key, to open what it sealed.</summary>
    /// <exception cref="DataDirectoryException">Its file is missing, or is not the one that sealed what is there.</exception>
    public byte[] ToOpen() => _key ??= Read(Sign() ?? throw new InvalidOperationException("nothing has been sealed in this data directory"));

    /// <summary>The key, to seal with: made where there is none. Call it in the transaction that keeps what it seals.</summary>
    /// <exception cref="DataDirectoryException">Its file is missing, or is not the one that sealed what is there.</exception>
    public byte[] ToSeal() => _database.Write(c =>
    {
        if (Sign() is null)
        {
            _key = null;
            if (!File.Exists(_file))
            {
                Make();
            }

            // the file's name must be on disk before a row says that it sealed something
            DirectoryFlush.Flush(Path.GetDirectoryName(_file)!);
            // a file without a sign is left where the transaction was undone: nothing is sealed by it
            c.Execute("INSERT INTO kms_root (sign) VALUES ($1)", SignOf(File.ReadAllBytes(_file)));
        }

        return ToOpen();
    });

    /// <summary>Stops the start where the file is missing or another, before anything is served that can't be read.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        if (Sign() is { } sign)
        {
            Read(sign);
        }

        return Task.CompletedTask;
    }

    private byte[]? Sign() => _database.Read(c => c.Query("SELECT sign FROM kms_root", r => (byte[])r[0])).FirstOrDefault();

    private byte[] Read(byte[] sign)
    {
        const string advice = "Put the file of this data directory back from a backup. Without it, what the KMS keys here encrypted can't be read by anyone.";
        if (!File.Exists(_file))
        {
            throw new DataDirectoryException($"{_file} is missing. It is the key that seals this data directory's KMS keys. {advice}");
        }

        var key = File.ReadAllBytes(_file);
        return key.Length == Size && CryptographicOperations.FixedTimeEquals(SignOf(key), sign)
            ? key
            : throw new DataDirectoryException($"{_file} is not the key that sealed this data directory's KMS keys. {advice}");
    }

    private void Make()
    {
        var unfinished = _file + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(unfinished, options))
        {
            file.Write(RandomNumberGenerator.GetBytes(Size));
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, _file);
    }

    private static byte[] SignOf(byte[] key) => HMACSHA256.HashData(key, "slipway kms root key 1"u8);
}
