using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>CodeBuild's projects: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Project.html</summary>
internal sealed class Projects(ProjectTable table, ProjectRules rules, Database database, TimeProvider time)
{
    private const int PageSize = 100;
    private const int DefaultTimeout = 60;
    private const int DefaultQueuedTimeout = 480;

    public CreateProject.Response Create(CreateProject request, Caller caller)
    {
        Refuse("CreateProject", request.BadgeEnabled, request.FileSystemLocations, request.AutoRetryLimit);
        var now = time.GetUtcNow();
        var project = new Project(
            request.Name, caller.Arn("codebuild", "project/" + request.Name), request.Source, request.Artifacts, request.Environment, request.ServiceRole, now, now,
            request.Description, request.SecondarySources, request.SourceVersion, request.SecondarySourceVersions, request.SecondaryArtifacts,
            request.Cache ?? new("NO_CACHE"), request.TimeoutInMinutes ?? DefaultTimeout, request.QueuedTimeoutInMinutes ?? DefaultQueuedTimeout,
            request.EncryptionKey ?? caller.Arn("kms", "alias/aws/s3"), request.Tags, request.VpcConfig, new(BadgeEnabled: false), request.LogsConfig,
            request.ConcurrentBuildLimit, "PRIVATE");
        rules.Check(project, "CreateProject");
        return table.Projects.Insert(project) ? new(project) : throw CodeBuildErrors.ProjectExists(project.Arn);
    }

    public UpdateProject.Response Update(UpdateProject request, Caller caller)
    {
        Refuse("UpdateProject", request.BadgeEnabled, request.FileSystemLocations, request.AutoRetryLimit);
        return database.Write<UpdateProject.Response>(_ =>
        {
            var project = Changed(table.Require(request.Name, caller), request) with { LastModified = time.GetUtcNow() };
            rules.Check(project, "UpdateProject");
            table.Projects.Update(project);
            return new(project);
        });
    }

    public BatchGetProjects.Response Get(BatchGetProjects request)
    {
        var found = request.Names.Distinct().Select(name => (Name: name, Project: table.Projects.Find(ProjectTable.NameOf(name)))).ToList();
        return new([.. found.Select(f => f.Project).OfType<Project>()], [.. found.Where(f => f.Project is null).Select(f => f.Name)]);
    }

    public ListProjects.Response List(ListProjects request)
    {
        IEnumerable<Project> all = table.Projects.All();
        all = request.SortBy switch
        {
            "CREATED_TIME" => all.OrderBy(p => p.Created),
            "LAST_MODIFIED_TIME" => all.OrderBy(p => p.LastModified),
            _ => all,
        };
        var sorted = request.SortOrder == "DESCENDING" ? all.Reverse() : all;
        var page = Page.Of(sorted, p => p.Name, request.NextToken, PageSize, CodeBuildErrors.InvalidToken);
        return new([.. page.Items.Select(p => p.Name)], page.NextToken);
    }

    public void InvalidateCache(InvalidateProjectCache request, Caller caller) => table.InvalidateCache(table.Require(request.ProjectName, caller).Name);

    private static Project Changed(Project project, UpdateProject request) => project with
    {
        Source = request.Source ?? project.Source,
        Artifacts = request.Artifacts ?? project.Artifacts,
        Environment = request.Environment ?? project.Environment,
        ServiceRole = request.ServiceRole ?? project.ServiceRole,
        Description = request.Description ?? project.Description,
        SecondarySources = request.SecondarySources ?? project.SecondarySources,
        SourceVersion = request.SourceVersion ?? project.SourceVersion,
        SecondarySourceVersions = request.SecondarySourceVersions ?? project.SecondarySourceVersions,
        SecondaryArtifacts = request.SecondaryArtifacts ?? project.SecondaryArtifacts,
        Cache = request.Cache ?? project.Cache,
        TimeoutInMinutes = request.TimeoutInMinutes ?? project.TimeoutInMinutes,
        QueuedTimeoutInMinutes = request.QueuedTimeoutInMinutes ?? project.QueuedTimeoutInMinutes,
        EncryptionKey = request.EncryptionKey ?? project.EncryptionKey,
        Tags = request.Tags ?? project.Tags,
        VpcConfig = request.VpcConfig ?? project.VpcConfig,
        LogsConfig = request.LogsConfig ?? project.LogsConfig,
        ConcurrentBuildLimit = request.ConcurrentBuildLimit ?? project.ConcurrentBuildLimit,
    };

    private static void Refuse(string operation, bool? badge, IReadOnlyList<ProjectFileSystemLocation>? folders, int? retries)
    {
        ProjectRules.Refuse(badge == true, operation + ".BadgeEnabled");
        ProjectRules.Refuse(folders is { Count: > 0 }, operation + ".FileSystemLocations");
        ProjectRules.Refuse(retries is > 0, operation + ".AutoRetryLimit");
    }
}
