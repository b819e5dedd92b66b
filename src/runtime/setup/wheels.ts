/** A file inside a wheel that is installed. */
export interface WheelMember {
  /** Path inside the archive. */
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  /** Of the unpacked bytes. */
  readonly sha256: string;
}

/** A Python wheel, and the files of it that are installed. */
export interface Wheel {
  /** File name; the project, version and tags that pip is asked for are read from it. */
  readonly file: string;
  readonly size: number;
  readonly sha256: string;
  readonly members: readonly WheelMember[];
}

/** The TensorFlow version that `cnn setup` installs. */
export const pinnedVersion = '2.21.0';

/**
 * The pinned wheels, by platform and variant. For CUDA the first is TensorFlow's own and the others are the
 * NVIDIA libraries that it was built against (the lowest versions its metadata allows), less the parts it
 * never loads. Always the CPython 3.11 wheels, whatever Python is there: only C++ libraries are taken out.
 */
export const wheels: Readonly<Record<string, readonly Wheel[]>> = {
  'linux-x64-cpu': [
    {
      file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      size: 273829956,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      members: [
        {
          name: 'tensorflow/libtensorflow_cc.so.2',
          size: 788086608,
          sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
        },
        {
          name: 'tensorflow/libtensorflow_framework.so.2',
          size: 65222328,
          sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
        },
      ],
    },
  ],
  'linux-x64-gpu': [
    {
      file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      size: 572440367,
      sha256: '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
      members: [
        {
          name: 'tensorflow/libtensorflow_cc.so.2',
          size: 1096372272,
          sha256: '2889ecc99d7641620f41a4bea538f4dd4b626f75aa3e12623161ae939054191c',
        },
        {
          name: 'tensorflow/libtensorflow_framework.so.2',
          size: 162648808,
          sha256: '98847c6f0448308159f6d3ff55e13a9e92978598c7fbb34cde63aadf35c6fe84',
        },
      ],
    },
    {
      file: 'nvidia_cublas_cu12-12.5.3.2-py3-none-manylinux2014_x86_64.whl',
      size: 363313169,
      sha256: 'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
      members: [
        {
          name: 'nvidia/cublas/lib/libcublas.so.12',
          size: 104128480,
          sha256: '797b64342af51be6f1623a68b37cc4ec80cb9724438024f927fe55f81c4f90bf',
        },
        {
          name: 'nvidia/cublas/lib/libcublasLt.so.12',
          size: 446820528,
          sha256: '89977bc9e7b237be98552739507b9d1102d410044345abb3f54aa2f45460a32a',
        },
      ],
    },
    {
      file: 'nvidia_cuda_cupti_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
      size: 13811507,
      sha256: 'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
      members: [
        {
          name: 'nvidia/cuda_cupti/lib/libcupti.so.12',
          size: 7807144,
          sha256: '979eb4bbc3c4b209bf0c9e97f57116303f35abbdea9a5773b8952fc9e4d55b00',
        },
        {
          name: 'nvidia/cuda_cupti/lib/libnvperf_host.so',
          size: 28139320,
          sha256: 'a4326200ba7f9aa41fc215c130810bb9a8e7ff5c24f732880bee2d7b5c6ec296',
        },
        {
          name: 'nvidia/cuda_cupti/lib/libnvperf_target.so',
          size: 5579216,
          sha256: 'c616cc56278ed9ad3b902ee37cf95297cf672465b6a90f0ee21e3c0da05b70d6',
        },
      ],
    },
    {
      file: 'nvidia_cuda_nvcc_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
      size: 22468537,
      sha256: 'b03e545b8e8c3ce7ebcd7fc44063180ff52ff01d064ece2127ed90a04ef12cd0',
      members: [
        {
          name: 'nvidia/cuda_nvcc/bin/ptxas',
          size: 30924560,
          sha256: '08f9de5d031cd59f61e576ebc82dd5d3c785f9b6db5a5356e3279289445f3e2f',
        },
        {
          name: 'nvidia/cuda_nvcc/nvvm/libdevice/libdevice.10.bc',
          size: 483796,
          sha256: '8c593e48547f85458b6bfbed93a2e6b05484644ccc6b429bb0d8424e06a68b6c',
        },
      ],
    },
    {
      file: 'nvidia_cuda_nvrtc_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
      size: 24873108,
      sha256: '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
      members: [
        {
          name: 'nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.5',
          size: 5322632,
          sha256: '02249f23640dc39ac970fc1b040ef79cfa3f534d364b435a19de678a97752901',
        },
        {
          name: 'nvidia/cuda_nvrtc/lib/libnvrtc.so.12',
          size: 62921032,
          sha256: 'ded4f1c4bf6a2e91f06ceea25c9aa8c1e44a7d8b6ff3bbe22c3b2dabe64debd8',
        },
      ],
    },
    {
      file: 'nvidia_cuda_runtime_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
      size: 895707,
      sha256: '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
      members: [
        {
          name: 'nvidia/cuda_runtime/lib/libcudart.so.12',
          size: 712032,
          sha256: '16e8815a5e36a7ffbc9107df350d3f67090afb10a3de4b3710f6928aa7994a36',
        },
      ],
    },
    {
      file: 'nvidia_cudnn_cu12-9.3.0.75-py3-none-manylinux2014_x86_64.whl',
      size: 577163502,
      sha256: '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
      members: [
        {
          name: 'nvidia/cudnn/lib/libcudnn.so.9',
          size: 108760,
          sha256: 'a9524237f7e6d7fb3550b65b0676ad643929e812d0bac87e636ba68bc99e7b60',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_adv.so.9',
          size: 245380928,
          sha256: '55e6b506623443c880e27db7922b4f9ecf30244a52632a038fc1e1c58bf72009',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_cnn.so.9',
          size: 6301232,
          sha256: '859e1ae5e8bdbd9199ccf4d40f5f7897c684efca34fb51fd21fab5234994d470',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_engines_precompiled.so.9',
          size: 452999128,
          sha256: 'fd7e18f04dd76b0a91067b616090f69025e5ed8fe9cd6c75e3cecc3f1721a34e',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_engines_runtime_compiled.so.9',
          size: 12594608,
          sha256: 'b832e5d206ebd9680eda4c0799b68f062ac5816288d35810cebe60ee5ab90fcc',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_graph.so.9',
          size: 4362800,
          sha256: '064c7a2a2ffbfd51f1e21139f735dd9484bd8718a016e7814166eacd85d92eac',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_heuristic.so.9',
          size: 54529720,
          sha256: '83e4a8546748b7095de4c2be849529f79f9f99123185c43554ff18c028d200cb',
        },
        {
          name: 'nvidia/cudnn/lib/libcudnn_ops.so.9',
          size: 109061784,
          sha256: '89a374d8dee1b8a14c7e14d63d2fa33c1812df88ab8f0a39eac28e027f2d901d',
        },
      ],
    },
    {
      file: 'nvidia_cufft_cu12-11.2.3.61-py3-none-manylinux2014_x86_64.whl',
      size: 192524114,
      sha256: '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
      members: [
        {
          name: 'nvidia/cufft/lib/libcufft.so.11',
          size: 276827776,
          sha256: '1717df98715048c2f3c5b2f71801ce71ec5964051079441b0e24a7f70aac1b45',
        },
      ],
    },
    {
      file: 'nvidia_curand_cu12-10.3.6.82-py3-none-manylinux2014_x86_64.whl',
      size: 56309107,
      sha256: '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
      members: [
        {
          name: 'nvidia/curand/lib/libcurand.so.10',
          size: 96529840,
          sha256: '357e2befbd562f13c396572972b74efa54dad76d407297b12dcd82ef63d26887',
        },
      ],
    },
    {
      file: 'nvidia_cusolver_cu12-11.6.3.83-py3-none-manylinux2014_x86_64.whl',
      size: 130341232,
      sha256: '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
      members: [
        {
          name: 'nvidia/cusolver/lib/libcusolver.so.11',
          size: 127953480,
          sha256: 'e6cab63a8e967d245ccbc2eb4eb977aa98f3c61595042500a902466a4d8d9286',
        },
      ],
    },
    {
      file: 'nvidia_cusparse_cu12-12.5.1.3-py3-none-manylinux2014_x86_64.whl',
      size: 217558979,
      sha256: '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
      members: [
        {
          name: 'nvidia/cusparse/lib/libcusparse.so.12',
          size: 295715544,
          sha256: '51c49bf359bc9a5ac6191a50866a171eb5f28cc6eb57ac0e30253dd6a259f2a6',
        },
      ],
    },
    {
      file: 'nvidia_nccl_cu12-2.27.7-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
      size: 322546339,
      sha256: 'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa',
      members: [
        {
          name: 'nvidia/nccl/lib/libnccl.so.2',
          size: 430126192,
          sha256: '6c1668de8ee712a46ac0a5d2d77fdff0e35b5e0869fb83ff4875088f39dea2b8',
        },
      ],
    },
    {
      file: 'nvidia_nvjitlink_cu12-12.5.82-py3-none-manylinux2014_x86_64.whl',
      size: 21298879,
      sha256: 'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
      members: [
        {
          name: 'nvidia/nvjitlink/lib/libnvJitLink.so.12',
          size: 54560656,
          sha256: 'fc73ecb6ae4253cbc7e991fe22539961f3ae4adbb1841e972bb037d708211575',
        },
      ],
    },
  ],
  'linux-arm64-cpu': [
    {
      file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
      size: 281828020,
      sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
      members: [
        {
          name: 'tensorflow/libtensorflow_cc.so.2',
          size: 814885544,
          sha256: '5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c',
        },
        {
          name: 'tensorflow/libtensorflow_framework.so.2',
          size: 68176664,
          sha256: 'deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3',
        },
      ],
    },
  ],
  'darwin-arm64-cpu': [
    {
      file: 'tensorflow-2.21.0-cp311-cp311-macosx_12_0_arm64.whl',
      size: 223405849,
      sha256: '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
      members: [
        {
          name: 'tensorflow/libtensorflow_cc.2.dylib',
          size: 691352648,
          sha256: '753272d059c7be51f64369aaa8e12ac514ce372e0c4ba66f3cc49ec3b1c33384',
        },
        {
          name: 'tensorflow/libtensorflow_framework.2.dylib',
          size: 49452976,
          sha256: 'e581d6db9e26f13e49327427e5d304cecbfe45d3467db7700e058857a4fd76bb',
        },
      ],
    },
  ],
};
