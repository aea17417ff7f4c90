using static TorchSharp.torch;

Console.WriteLine($"libtorch {__version__}, {get_num_threads()} threads");
