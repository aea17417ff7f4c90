using System.Diagnostics;
using System.Text.Json;

// Writes PublicAPI.Unshipped.txt of every library anew, from what the compiler misses in it: dotnet run eng/PublicApi.cs
// What a release has shipped stays in PublicAPI.Shipped.txt; a member removed since needs a line *REMOVED* in the other file, which is kept.
const string Rule = "RS0016";
const string Log = "public-api.sarif";
var folders = Directory.GetDirectories("src").Where(f => File.Exists(Path.Combine(f, "PublicAPI.Shipped.txt"))).Order(StringComparer.Ordinal).ToArray();
if (folders.Length == 0)
{
    Console.Error.WriteLine("No src/*/PublicAPI.Shipped.txt here: run this at the root of the repository.");
    return 1;
}

// All are emptied first: a project is compiled with the first that needs it.
var known = folders.ToDictionary(f => f, _ => new SortedSet<string>(StringComparer.Ordinal));
Array.ForEach(folders, f => Write(f, []));
foreach (var folder in folders)
{
    // The compiler writes its log, which has the lines in full, into each project's own folder. Of members at one place, such as a record and its constructor, it names one at a time.
    bool more;
    do
    {
        using var build = Process.Start("dotnet", ["build", folder, "-c", "Release", "-v", "q", "-clp:ErrorsOnly", "-p:TreatWarningsAsErrors=false", $"-p:ErrorLog={Log}%2Cversion=2.1"]);
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            return 1;
        }

        more = Missing(Path.Combine(folder, Log)).Count(known[folder].Add) > 0;
        if (more)
        {
            Write(folder, known[folder]);
        }
    }
    while (more);

    Console.WriteLine($"{folder}: {known[folder].Count} members");
}

Array.ForEach(Directory.GetFiles("src", Log, SearchOption.AllDirectories), File.Delete);
return 0;

static SortedSet<string> Missing(string log)
{
    using var sarif = JsonDocument.Parse(File.ReadAllText(log));
    return new(
        from run in sarif.RootElement.GetProperty("runs").EnumerateArray()
        from result in run.GetProperty("results").EnumerateArray()
        where result.GetProperty("ruleId").GetString() == Rule
        select result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString()!,
        StringComparer.Ordinal);
}

static void Write(string folder, IEnumerable<string> lines)
{
    var path = Path.Combine(folder, "PublicAPI.Unshipped.txt");
    string[] removed = File.Exists(path) ? [.. File.ReadAllLines(path).Where(l => l.StartsWith("*REMOVED*", StringComparison.Ordinal))] : [];
    File.WriteAllText(path, string.Concat(new[] { "#nullable enable" }.Concat(lines).Concat(removed).Select(l => l + "\n")));
}
