using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>The builds. Each change of a phase or of the status is kept together with the event that tells of it.</summary>
internal sealed class BuildTable(Database database, BuildEvents events, Changes changes)
{
    /// <summary>The builds, by id.</summary>
    public Table<BuildRecord> Table { get; } = new(database, "codebuild-build", b => b.Build.Id);

    /// <summary>What <see cref="Changes"/> signals when a build changes.</summary>
    public static string SignalOf(string id) => "codebuild-build/" + id;

    /// <summary>The id of a build that a request names by its id or ARN.</summary>
    public static string IdOf(string idOrArn) => idOrArn.Split(":build/", 2) is [_, var id] ? id : idOrArn;

    /// <summary>Keeps a new build. Call it in the transaction that decides on it.</summary>
    public void Insert(BuildRecord build)
    {
        Table.Insert(build);
        events.Publish(null, build.Build);
    }

    /// <summary>Changes a build; null where it has been deleted.</summary>
    public BuildRecord? Change(string id, Func<BuildRecord, BuildRecord> change)
    {
        var changed = database.Write(_ =>
        {
            Build? before = null;
            var after = Table.Change(id, b =>
            {
                before = b.Build;
                return change(b);
            });
            if (after is not null)
            {
                events.Publish(before, after.Build);
            }

            return after;
        });
        changes.Signal(SignalOf(id));
        return changed;
    }
}
