using System.Globalization;
using Acceleration;
using Acceleration.Fuzz;
using static TorchSharp.torch;

// fuzz N [SEED [FIRST [TARGET]]]     or     fuzz replay TARGET FILE
OperatorRoutes.PinNative();
using var gradients = no_grad();
if (args is ["replay", var name, var file])
{
    var input = File.ReadAllBytes(file);
    using var folder = new FuzzFolder();
    Console.WriteLine(FuzzTargets.In(folder.Path).Single(t => t.Name == name).Run(input));
    return 0;
}

long Number(int at, long otherwise) => args.Length > at ? long.Parse(args[at], CultureInfo.InvariantCulture) : otherwise;
var report = new FuzzRun(new() { Inputs = Number(0, 10_000), Seed = Number(1, 1), First = Number(2, 0), Target = args.ElementAtOrDefault(3) }, Console.Out).Run();
report.Write(Console.Out);
return report.Findings.Count == 0 ? 0 : 1;
