using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>CodeBuild's builds once they have started: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Build.html</summary>
internal sealed class Builds(ProjectTable projects, BuildTable builds, BuildRuns runs, BuildCaches caches, Database database)
{
    private const int PageSize = 100;

    public BatchGetBuilds.Response Get(BatchGetBuilds request)
    {
        var found = request.Ids.Distinct().Select(id => (Id: id, Record: builds.Table.Find(BuildTable.IdOf(id)))).ToList();
        return new([.. found.Where(f => f.Record is not null).Select(f => f.Record!.Build)], [.. found.Where(f => f.Record is null).Select(f => f.Id)]);
    }

    public ListBuilds.Response List(ListBuilds request)
    {
        var page = PageOf(builds.Table.All(), request.SortOrder, request.NextToken);
        return new([.. page.Items], page.NextToken);
    }

    public ListBuildsForProject.Response List(ListBuildsForProject request, Caller caller)
    {
        var project = projects.Require(request.ProjectName, caller).Name;
        var page = PageOf(builds.Table.All().Where(b => b.Build.ProjectName == project), request.SortOrder, request.NextToken);
        return new([.. page.Items], page.NextToken);
    }

    public StopBuild.Response Stop(StopBuild request)
    {
        var id = BuildTable.IdOf(request.Id);
        runs.Stop(id);
        return new((builds.Table.Find(id) ?? throw CodeBuildErrors.NoBuild(request.Id)).Build);
    }

    public BatchDeleteBuilds.Response Delete(BatchDeleteBuilds request) => database.Write<BatchDeleteBuilds.Response>(_ =>
    {
        var (deleted, kept) = (new List<string>(), new List<BuildNotDeleted>());
        foreach (var id in request.Ids.Distinct())
        {
            switch (builds.Table.Find(BuildTable.IdOf(id)))
            {
                case null:
                    kept.Add(new(id, "BUILD_NOT_FOUND"));
                    break;
                case { Build.BuildComplete: false }:
                    kept.Add(new(id, "BUILD_IN_PROGRESS"));
                    break;
                case { Build: var build }:
                    builds.Table.Delete(build.Id);
                    deleted.Add(build.Arn);
                    break;
            }
        }

        return new(deleted, kept);
    });

    public void Delete(DeleteProject request)
    {
        var name = ProjectTable.NameOf(request.Name);
        var running = database.Write(_ =>
        {
            projects.Delete(name);
            var all = builds.Table.All().Where(b => b.Build.ProjectName == name).ToList();
            all.Where(b => b.Build.BuildComplete).ToList().ForEach(b => builds.Table.Delete(b.Build.Id));
            return all.Where(b => !b.Build.BuildComplete).ToList();
        });
        running.ForEach(b => runs.Stop(b.Build.Id));
        caches.Forget(name);
    }

    private static Page<string> PageOf(IEnumerable<BuildRecord> all, string? order, string? token)
    {
        var sorted = all.OrderBy(b => b.Build.StartTime).ThenBy(b => b.Build.BuildNumber).Select(b => b.Build.Id);
        return Page.Of(order == "ASCENDING" ? sorted : sorted.Reverse(), id => id, token, PageSize, CodeBuildErrors.InvalidToken);
    }
}
