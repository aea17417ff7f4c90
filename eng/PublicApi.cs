using System.Diagnostics;
using System.Text.Json;

// Writes PublicAPI.Unshipped.txt of every library anew, from what the compiler misses in it: dotnet run eng/PublicApi.cs
// Lists are made beside each project's other temporary files and put in place at the end, so that they stay as they were where a library does not compile.
// What a release has shipped stays in PublicAPI.Shipped.txt; a member removed since needs a line *REMOVED* in the other file, which is kept.
const string Rule = "RS0016";
const string Log = "public-api.sarif";
const string List = "PublicAPI.Unshipped.txt";
const string Draft = "obj";
var folders = Directory.GetDirectories("src").Where(f => File.Exists(Path.Combine(f, "PublicAPI.Shipped.txt"))).Order(StringComparer.Ordinal).ToArray();
if (folders.Length == 0)
{
    Console.Error.WriteLine("No src/*/PublicAPI.Shipped.txt here: run this at the root of the repository.");
    return 1;
}

// All are begun first: a project is compiled with the first that needs it.
var known = folders.ToDictionary(f => f, _ => new SortedSet<string>(StringComparer.Ordinal));
Array.ForEach(folders, f => Write(f, []));
foreach (var folder in folders)
{
    // The compiler writes its log, which has the lines in full, into each project's own folder. Of members at one place, such as a record and its constructor, it names one at a time.
    bool more;
    do
    {
        using var build = Process.Start("dotnet", ["build", folder, "-c", "Release", "-v", "q", "-clp:ErrorsOnly", "-p:TreatWarningsAsErrors=false", $"-p:ErrorLog={Log}%2Cversion=2.1", $"-p:UnshippedApi={Draft}/"]);
        build.WaitForExit();
        if (build.ExitCode != 0)
        {
            Console.Error.WriteLine($"{folder} does not compile; all lists stay as they were.");
            RemoveLogs();
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

Array.ForEach(folders, f => File.Move(Path.Combine(f, Draft, List), Path.Combine(f, List), overwrite: true));
RemoveLogs();
return 0;

static void RemoveLogs() => Array.ForEach(Directory.GetFiles("src", Log, SearchOption.AllDirectories), File.Delete);

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
    var path = Path.Combine(folder, List);
    string[] removed = File.Exists(path) ? [.. File.ReadAllLines(path).Where(l => l.StartsWith("*REMOVED*", StringComparison.Ordinal))] : [];
    Directory.CreateDirectory(Path.Combine(folder, Draft));
    File.WriteAllText(Path.Combine(folder, Draft, List), string.Concat(new[] { "#nullable enable" }.Concat(lines).Concat(removed).Select(l => l + "\n")));
}
