using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Ssm;

/// <summary>A version of a parameter as it is kept.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Version">The version, from 1.</param>
/// <param name="Type">String, StringList or SecureString.</param>
/// <param name="Value">The value; a SecureString's is KMS's ciphertext in Base64.</param>
/// <param name="Modified">When it was put.</param>
/// <param name="User">Who put it.</param>
/// <param name="Tier">Standard or Advanced.</param>
/// <param name="DataType">text.</param>
/// <param name="KeyId">The key that a SecureString was to be encrypted with, as it was named.</param>
/// <param name="Description">What its owner says of it.</param>
/// <param name="AllowedPattern">The expression that values match.</param>
internal sealed record StoredParameter(
    string Name, string Arn, long Version, string Type, string Value, DateTimeOffset Modified, string User, string Tier, string DataType,
    string? KeyId = null, string? Description = null, string? AllowedPattern = null);

/// <summary>Parameters with their versions, labels and tags, as they are kept.</summary>
internal sealed class ParameterStore
{
    private readonly Database _database;

    public ParameterStore(Database database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS ssm_parameter (name TEXT, version INTEGER, body TEXT NOT NULL, PRIMARY KEY (name, version)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS ssm_label (name TEXT, label TEXT, version INTEGER NOT NULL, PRIMARY KEY (name, label)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS ssm_tag (name TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID;
            """);
    }

    /// <summary>Changes several of them in one transaction.</summary>
    public T Write<T>(Func<T> change) => _database.Write(_ => change());

    /// <summary>Keeps a version.</summary>
    public void Add(StoredParameter parameter) => _database.Write(c => c.Execute(
        "INSERT INTO ssm_parameter (name, version, body) VALUES ($1, $2, $3)",
        parameter.Name, parameter.Version, JsonSerializer.Serialize(parameter, AwsJson.Lenient)));

    /// <summary>The newest version, or null.</summary>
    public StoredParameter? Newest(string name) => _database.Read(c => c.Query(
        "SELECT body FROM ssm_parameter WHERE name = $1 ORDER BY version DESC LIMIT 1", Row, name)).FirstOrDefault();

    /// <summary>The name of the parameter that a request means, which may not be there.</summary>
    public string Resolve(ParameterName name) => name.Other is { } other && Newest(name.Name) is null ? other : name.Name;

    /// <summary>One version, or null.</summary>
    public StoredParameter? Find(string name, long version) => _database.Read(c => c.Query(
        "SELECT body FROM ssm_parameter WHERE name = $1 AND version = $2", Row, name, version)).FirstOrDefault();

    /// <summary>The newest version of every parameter whose name starts with a text, in the order of their names.</summary>
    public List<StoredParameter> All(string prefix) => _database.Read(c => c.Query(
        """
        SELECT body FROM ssm_parameter p
        WHERE substr(name, 1, length($1)) = $1 AND version = (SELECT max(version) FROM ssm_parameter WHERE name = p.name) ORDER BY name
        """, Row, prefix));

    /// <summary>Every version of a parameter that is kept, oldest first.</summary>
    public List<StoredParameter> Versions(string name) => _database.Read(c => c.Query(
        "SELECT body FROM ssm_parameter WHERE name = $1 ORDER BY version", Row, name));

    /// <summary>Lets go of one version.</summary>
    public void Remove(string name, long version) => _database.Write(c => c.Execute("DELETE FROM ssm_parameter WHERE name = $1 AND version = $2", name, version));

    /// <summary>Removes a parameter with all that belongs to it; false where there is none.</summary>
    public bool Remove(string name) => _database.Write(c =>
    {
        c.Execute("DELETE FROM ssm_label WHERE name = $1", name);
        c.Execute("DELETE FROM ssm_tag WHERE name = $1", name);
        return c.Execute("DELETE FROM ssm_parameter WHERE name = $1", name) > 0;
    });

    /// <summary>A parameter's labels, each with its version.</summary>
    public List<(string Label, long Version)> Labels(string name) => _database.Read(c => c.Query(
        "SELECT label, version FROM ssm_label WHERE name = $1 ORDER BY label", r => (r.GetString(0), r.GetInt64(1)), name));

    /// <summary>Gives a label to a version, and takes it from the one that had it.</summary>
    public void PutLabel(string name, string label, long version) => _database.Write(c => c.Execute(
        "INSERT INTO ssm_label (name, label, version) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET version = $3", name, label, version));

    /// <summary>Takes a label from a version; false where it had it not.</summary>
    public bool RemoveLabel(string name, string label, long version) => _database.Write(c => c.Execute(
        "DELETE FROM ssm_label WHERE name = $1 AND label = $2 AND version = $3", name, label, version)) > 0;

    /// <summary>A parameter's tags in the order of their keys.</summary>
    public List<KeyValuePair<string, string>> Tags(string name) => _database.Read(c => c.Query(
        "SELECT key, value FROM ssm_tag WHERE name = $1 ORDER BY key", r => KeyValuePair.Create(r.GetString(0), r.GetString(1)), name));

    /// <summary>Adds a tag or changes its value.</summary>
    public void PutTag(string name, string key, string value) => _database.Write(c => c.Execute(
        "INSERT INTO ssm_tag (name, key, value) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET value = $3", name, key, value));

    /// <summary>Removes a tag, where it is there.</summary>
    public void RemoveTag(string name, string key) => _database.Write(c => c.Execute("DELETE FROM ssm_tag WHERE name = $1 AND key = $2", name, key));

    private static StoredParameter Row(SqliteDataReader row) => JsonSerializer.Deserialize<StoredParameter>(row.GetString(0), AwsJson.Lenient)!;
}
