using Acceleration;
using Acceleration.Benchmarks;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Spectre.Console;

var commands = new Dictionary<string, (string What, Func<Options, int> Run)>
{
    ["forward"] = (ForwardCommand.What, ForwardCommand.Run),
    ["families"] = (FamiliesCommand.What, FamiliesCommand.Run),
    ["networks"] = (NetworksCommand.What, NetworksCommand.Run),
    ["attention"] = (PatternsCommand.What, PatternsCommand.Run),
    ["merging"] = (MergingCommand.What, MergingCommand.Run),
    ["overhead"] = (OverheadCommand.What, OverheadCommand.Run),
    ["strategies"] = (StrategiesCommand.What, StrategiesCommand.Run),
    ["wide"] = (WideCommand.What, WideCommand.Run),
    ["decisions"] = (DecisionsCommand.What, DecisionsCommand.Run),
    ["caching"] = (CachingCommand.What, CachingCommand.Run),
    ["places"] = (PlacesCommand.What, PlacesCommand.Run),
    ["batched"] = (BatchedCommand.What, BatchedCommand.Run),
    ["rivals"] = (RivalsCommand.What, RivalsCommand.Run),
    ["memory"] = (MemoryCommand.What, MemoryCommand.Run),
    ["loading"] = (LoadingCommand.What, LoadingCommand.Run),
    ["load"] = (LoadCommand.What, LoadCommand.Run),
    ["batching"] = (BatchingCommand.What, BatchingCommand.Run),
    ["onnx"] = (OnnxCommand.What, OnnxCommand.Run),
    ["steps"] = (StepsCommand.What, StepsCommand.Run),
    ["combinations"] = (CombinationsCommand.What, CombinationsCommand.Run),
};

if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 160;
}

if (args is ["bdn", .. var rest])
{
    // In this process, because a generated project would copy libtorch once more and read it from the disk anew for every case.
    BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(rest, DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)));
    return 0;
}

if (args is [ShortMode.Name])
{
    return ShortMode.Run();
}

if (args.Length == 0 || !commands.TryGetValue(args[0], out var command))
{
    Console.WriteLine("Names, each followed by its options:");
    foreach (var (name, (what, _)) in commands)
    {
        Console.WriteLine($"  {name,-13} {what}");
    }

    Console.WriteLine("  short         every part of the library in under three minutes, as one table");
    Console.WriteLine("  bdn           operators, by BenchmarkDotNet; its own options follow");
    Console.WriteLine("--routes after any name adds the operator routes that were chosen.");
    return args.Length == 0 ? 0 : 2;
}

// Before the first operator, and everything on this one thread: a second computing thread would bring a second pool of workers.
Runtime.Tune();
try
{
    return command.Run(new Options(args[1..]));
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
